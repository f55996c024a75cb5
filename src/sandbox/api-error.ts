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
