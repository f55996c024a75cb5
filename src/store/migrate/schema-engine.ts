// Prisma's schema engine in this process. To be loaded with `await import()` by who needs it: it takes 30 ms and 30 MB.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

// The part of it that is used here; its types otherwise come with a browser's.
declare const WebAssembly: {
  instantiate: (
    code: Uint8Array,
    imports: Record<string, object>,
  ) => Promise<{ instance: { exports: Record<string, unknown> } }>;
};

// By hand, because for the package's own `import … from '….wasm'` Node prints a warning of experimental features. At the
// module's top, because the bindings hold one instance: a second one would take the memory from under the first.
const code = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
const { instance } = await WebAssembly.instantiate(await readFile(code.replace(/\.js$/, '.wasm')), {
  './schema_engine_bg.js': Object.fromEntries(
    // The engine gives its lock ten seconds and does not take the clock back: the process would stay up for that long.
    Object.entries(bindings).map(([name, value]) => [name, name.startsWith('__wbg_setTimeout_') ? unref : value]),
  ),
});
bindings.__wbg_set_wasm(instance.exports);
if (typeof instance.exports.__wbindgen_start === 'function') instance.exports.__wbindgen_start();

export const { SchemaEngine } = bindings;

function unref(work: () => void, ms: number) {
  return setTimeout(work, ms).unref();
}
