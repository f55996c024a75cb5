import { runLines, totalsText } from './lines.ts';
import { casePage, type DemoView, LOOK_COMMAND } from './view.ts';

/** Prints lines, for output that is not a terminal. */
export function plainView(print: (line: string) => void): DemoView {
  let pages = '';
  return {
    starting: () => print('starting  sandbox, Postgres and worker; this takes some seconds …'),
    listening: (places) => {
      pages = places.pages;
      print(`pages     ${pages}/${places.note === '' ? '' : ` (${places.note})`}`);
      print(`sandbox   ${places.sandbox}`);
      print(`look      ${LOOK_COMMAND}`);
      print(`sql       psql '${places.databaseUrl}'`);
      print('stop      Ctrl-C; the database is kept, and goes on next time\n');
    },
    kept: (totals) => print(`cases     ${totalsText(totals)}`),
    ran: (run, transitions) => print(runLines(run, transitions).join('\n')),
    restated: (restatement) => {
      print(`restated  ${restatement.name}: ${restatement.words}`);
      print(`          ${casePage(pages, restatement)}`);
    },
    above: (write) => write(),
    stopping: () => {},
    stopped: () => print('stopped'),
    [Symbol.dispose]: () => {},
  };
}
