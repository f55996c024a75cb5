#!/usr/bin/env node
import './runtime.js';

await import('./main.ts');
