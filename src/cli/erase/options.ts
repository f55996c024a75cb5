import type { JsonOptions } from '../terminal/json.ts';

export type EraseOptions = JsonOptions & {
  account?: string;
  case?: string;
  yes?: true;
  beforeTime?: true;
  reason?: string;
  dryRun?: true;
  due?: true;
  fromReceipts?: string;
};
