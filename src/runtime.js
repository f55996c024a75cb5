// What the program needs of Node, for every way of starting it. Plain JavaScript that any Node runs, because older ones
// cannot read TypeScript. To be imported before anything else.
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

const OLDEST = 24;
const WRONG_INSTALLATION = 2;

if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  process.stderr.write(
    `cdd-sync needs Node.js ${OLDEST} or newer; this is ${process.versions.node}, at ${process.execPath}.\n`,
  );
  process.exit(WRONG_INSTALLATION);
}

// A first load of 150,000 cases takes a third less memory with these flags. V8 also takes them at its start, but then they
// would have to stand in every script, unit and image that starts the program.
const FLAGS = [
  // V8 doubles its room for new objects up to 16 MB, and frees dead ones when the room is full. A list makes few objects
  // and many buffers, so with much room 100 MB of dead buffers wait for that. Without effect on a room that has grown,
  // and loading the program makes it grow.
  '--semi-space-growth-factor=1',
  // Collect everything when three times as much is there as was left the last time.
  '--heap-growing-percent=200',
  // Do not create objects where only old ones are collected; V8 takes the parser's objects for long-lived ones.
  '--no-allocation-site-pretenuring',
];
for (const flag of FLAGS) setFlagsFromString(flag);
