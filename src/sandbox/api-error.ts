import { z } from 'zod';

/** An error response in the API's format. */
export class ApiError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** The body of an error response, as the API documents it. */
export function errorBody(statusCode: number, message: string) {
  return { error: { message, code: `SANDBOX_${statusCode}`, errors: [] } };
}

/** The body of a request. Throws 400 if it does not match. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) throw new ApiError(400, z.prettifyError(result.error));
  return result.data;
}
