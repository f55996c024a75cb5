// Files run one after the other in the same process. What a test replaces there must not reach the next one: with the
// fake timers of another file, a test waits forever.
import { afterEach, vi } from 'vitest';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
