#!/usr/bin/env node
import { existsSync } from 'node:fs';
import process from 'node:process';
import './runtime.js';

// A checkout runs its sources. The npm package has a compiled copy instead, because Node strips no types inside
// node_modules; its stack traces name the sources.
const isCheckout = existsSync(new URL('./main.ts', import.meta.url));
process.setSourceMapsEnabled(!isCheckout);

await import(isCheckout ? './main.ts' : '../dist/main.js');
