import { invalidResponseError } from '../http/errors.ts';
import type { RequestInfo } from '../http/request.ts';
import type { StreamedResponse } from '../http/response-body.ts';
import type { Cutter } from '../json-list/splitter.ts';
import type { ListReader, Traffic } from '../model/list.ts';
import { SyncError } from '../model/sync-error.ts';

/** An error thrown by a reader: it can be anything, and is no failure of the request, so there must be no retry. */
export type ReaderFailure = { readerError: unknown };

type StreamParts = { request: RequestInfo; splitter: Cutter; traffic: Traffic; reader: ListReader };

/** Passes the elements of a JSON array to the reader. Returns null at the closing bracket, or the reader's failure. */
export async function readElements(response: StreamedResponse, parts: StreamParts): Promise<ReaderFailure | null> {
  const { request, splitter, traffic, reader } = parts;
  try {
    const failure = await failureOf(() => reader.begin());
    if (failure) return failure;
    for await (const chunk of response.body) {
      traffic.bytesRead += chunk.length;
      const elements = split(request, () => splitter.push(chunk));
      const failure = elements.length === 0 ? null : await failureOf(() => reader.takeElements(elements));
      if (failure) return failure;
    }
    split(request, () => splitter.end());
    return null;
  } finally {
    response.discard();
  }
}

/** Reads only the first chunk, which shows whether the response is an array. */
export async function readStart(
  response: StreamedResponse,
  { request, splitter }: Pick<StreamParts, 'request' | 'splitter'>,
): Promise<void> {
  try {
    for await (const chunk of response.body) {
      split(request, () => splitter.push(chunk));
      return;
    }
    split(request, () => splitter.end());
  } finally {
    response.discard();
  }
}

async function failureOf(work: () => Promise<void>): Promise<ReaderFailure | null> {
  try {
    await work();
    return null;
  } catch (readerError) {
    return { readerError };
  }
}

/** Completes the errors of the splitter, which do not know the request. */
function split<T>(request: RequestInfo, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    throw invalidResponseError(request, error.code, error.message);
  }
}
