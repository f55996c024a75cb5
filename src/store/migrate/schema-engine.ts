// Prisma's schema engine as WebAssembly in this process. Load it with `await import()`, when needed: it takes 30 ms and
// 30 MB.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

// TypeScript declares WebAssembly only together with the types of a browser. This is the part used here.
declare const WebAssembly: {
  instantiate: (
    code: Uint8Array,
    imports: Record<string, object>,
  ) => Promise<{ instance: { exports: Record<string, unknown> } }>;
};

// Instantiated by hand: for the package's own `import … from '….wasm'`, Node warns about an experimental feature. Once
// per process: the bindings hold one instance, and a second one would replace its memory.
const code = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
const { instance } = await WebAssembly.instantiate(await readFile(code.replace(/\.js$/, '.wasm')), {
  './schema_engine_bg.js': Object.fromEntries(
    // The engine never clears its ten-second lock timer, which would keep the process alive for that long.
    Object.entries(bindings).map(([name, value]) => [name, name.startsWith('__wbg_setTimeout_') ? unref : value]),
  ),
});
bindings.__wbg_set_wasm(instance.exports);
if (typeof instance.exports.__wbindgen_start === 'function') instance.exports.__wbindgen_start();

export const { SchemaEngine } = bindings;

function unref(work: () => void, ms: number) {
  return setTimeout(work, ms).unref();
}
