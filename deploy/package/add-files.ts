// Step of `npm pack` after the compiler: adds the files to dist/ that are not TypeScript.
import { copyFile, glob, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

for await (const file of glob('pages/static/*.{css,js,svg}', { cwd: join(root, 'src') }))
  await copyFile(join(root, 'src', file), join(root, 'dist', file));

// The client is generated code: its source maps are two thirds of the package, and explain nothing.
for await (const file of glob('dist/store/generated/**/*.js', { cwd: root })) {
  const path = join(root, file);
  await rm(`${path}.map`);
  await writeFile(path, (await readFile(path, 'utf8')).replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'));
}
