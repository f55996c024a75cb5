import process from 'node:process';
import { defineConfig } from 'prisma/config';

// `prisma generate` downloads a schema engine it does not use, from a host that closed networks do not reach; naming any
// existing file keeps it from trying. The update check is the other call it makes to the outside.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
process.env.CHECKPOINT_DISABLE ??= '1';

export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } });
