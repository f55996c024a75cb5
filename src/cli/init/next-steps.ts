import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

/** The folder of package.json, of a clone or of the installed package. */
const ROOT = join(import.meta.dirname, '../../..');

type Started = { cwd: string; script: string; nodePath: string };

/** How this user starts the program in this folder: the command in front of a verb. */
export function commandOf({ cwd, script, nodePath }: Started): string {
  if (cwd === ROOT) return 'npm run -s cdd-sync --';
  if (existsSync(join(cwd, 'node_modules/.bin/cdd-sync'))) return 'npx cdd-sync';
  // A link in a folder of commands: the image, or a global installation.
  if (basename(script) === 'cdd-sync' && !script.includes('node_modules')) return 'cdd-sync';
  return [nodePath, relative(cwd, script).startsWith('..') ? script : relative(cwd, script)].map(quoted).join(' ');
}

/** The commands after init. */
export function nextSteps(started: Started): string[] {
  const command = commandOf(started);
  const start = command.startsWith('npm run') ? 'npm start' : `${command} start`;
  return [
    'Next, in this folder:',
    `  ${start}`,
    'It reads all cases now, and then every 15 minutes. Its pages: http://127.0.0.1:8080',
    'In another terminal:',
    `  ${command} status`,
  ];
}

function quoted(part: string): string {
  return /^[\w./:@+-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`;
}
