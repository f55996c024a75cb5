// A process that uses the embedded Postgres of the directory given, until it is told to stop on its standard input.
import { once } from 'node:events';
import { startEmbedded } from '../../src/store/embedded.ts';

const [home = ''] = process.argv.slice(2);
const { url, started, stop } = await startEmbedded({ home });
process.stdout.write(`${JSON.stringify({ url, started })}\n`);
await once(process.stdin, 'data');
await stop();
process.exit();
