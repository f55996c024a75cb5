import { invalidResponseError } from '../http/errors.ts';
import type { RequestInfo } from '../http/request.ts';
import type { StreamedResponse } from '../http/response-body.ts';
import type { ListSplitter } from '../json-list/splitter.ts';
import type { Element, ListReader, Traffic } from '../model/list.ts';
import { SyncError } from '../model/sync-error.ts';

/** An error thrown by a reader: it can be anything, and is no failure of the request, so there must be no retry. */
export type ReaderFailure = { readerError: unknown };

type SplitParts = { request: RequestInfo; splitter: ListSplitter };
type StreamParts = SplitParts & { traffic: Traffic; reader: ListReader };

/** Passes the elements of a JSON array to the reader. Returns null at the closing bracket, or the reader's failure. */
export async function readElements(response: StreamedResponse, parts: StreamParts): Promise<ReaderFailure | null> {
  const { traffic, reader } = parts;
  try {
    const failure = await failureOf(() => reader.begin());
    if (failure) return failure;
    for await (const chunk of response.body) {
      traffic.bytesRead += chunk.length;
      for (const element of elementsOf(chunk, parts)) {
        if (reader.skip(element.fingerprint)) continue;
        const failure = await failureOf(() => reader.takeElement(element));
        if (failure) return failure;
      }
    }
    endOf(parts);
    return null;
  } finally {
    response.discard();
  }
}

/** Reads only the first chunk, which shows whether the response is an array. */
export async function readStart(response: StreamedResponse, parts: SplitParts): Promise<void> {
  try {
    for await (const chunk of response.body) {
      elementsOf(chunk, parts).next();
      return;
    }
    endOf(parts);
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

function* elementsOf(chunk: Buffer, { request, splitter }: SplitParts): Generator<Element, void> {
  try {
    yield* splitter.split(chunk);
  } catch (error) {
    throw completedError(request, error);
  }
}

function endOf({ request, splitter }: SplitParts): void {
  try {
    splitter.end();
  } catch (error) {
    throw completedError(request, error);
  }
}

/** Completes the error of a splitter, which does not know the request. */
function completedError(request: RequestInfo, error: unknown): unknown {
  return error instanceof SyncError ? invalidResponseError(request, error.code, error.message) : error;
}
