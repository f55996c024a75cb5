import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import axios, { type AxiosResponse } from 'axios';
import type { ApiSettings } from '../account.ts';
import type { Traffic } from '../case.ts';
import { type Answer, answerOf, readText } from './answer.ts';
import { type Asked, failed, isPassing, refused } from './error.ts';
import type { Gate } from './retry.ts';
