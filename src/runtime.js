// Checks Node's version, sets V8's flags and keeps compiled code, for every way of starting the program. Import it before anything else.
// Plain JavaScript, because an old Node cannot read TypeScript.
import { existsSync, mkdirSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
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

// A first load of 150,000 cases takes a third less memory with these flags. On Node's command line they would have to
// be in every script, unit and image that starts the program.
const FLAGS = [
  // V8 doubles the space for new objects up to 16 MB, and frees dead ones when that space is full. A list makes few
  // objects and many buffers, so with a large space 100 MB of dead buffers wait. Must be set before the program is
  // loaded, because loading makes the space grow.
  '--semi-space-growth-factor=1',
  // Collect all garbage when the heap is three times as large as after the last collection.
  '--heap-growing-percent=200',
  // Create no objects directly in the old space: V8 would expect the parser's objects to live long.
  '--no-allocation-site-pretenuring',
];
for (const flag of FLAGS) setFlagsFromString(flag);

// Compiling the program is half of the time of a short command. After the flags, because code that was compiled with others
// is not used. Not in Node's own place below /tmp: there another user could put code for us. Where the folder cannot be
// written, nothing is cached and nothing is said. NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE win.
const { HOME, XDG_CACHE_HOME, NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env;
const caches = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
if (
  caches &&
  !NODE_COMPILE_CACHE &&
  !NODE_DISABLE_COMPILE_CACHE &&
  canMake(caches) &&
  canMake(join(caches, 'cdd-sync'))
) {
  module.enableCompileCache(join(caches, 'cdd-sync'));
}

/** One folder at a time: in a place such as /proc, Node would try for ever to make a folder and those above it. */
function canMake(/** @type {string} */ folder) {
  try {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch {
    return false;
  }
}
