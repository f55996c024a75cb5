// A proxy before Postgres that sees the statements of a worker, and can stop forwarding at one of them.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { until } from '../until.ts';
import {
  idleTimeoutMs,
  isIdleInTransaction,
  isPart,
  isReady,
  type Message,
  MessageSplitter,
  StatementReader,
} from './messages.ts';
import { type Statement, StatementCounter } from './statements.ts';

/** `answered`: Postgres gets the statement, and the worker does not get the answer. */
export type Moment = 'before' | 'answered';

export type Target = Statement & {
  moment: Moment;
  /** Directions that stop. */
  frozen: readonly Direction[];
};
type Direction = 'to the server' | 'to the worker';

export type WorkerProxy = AsyncDisposable & {
  /** The server's url by way of the proxy. */
  url: string;
  statements: readonly Statement[];
  /** Resolves when the target was reached, and Postgres has answered it if it was forwarded. */
  reached: Promise<void>;
  /**
   * Waits until Postgres has answered everything, then ends every session that is idle in a transaction with a shorter
   * idle timeout, as Postgres does in that time.
   */
  passTime: (ms: number) => Promise<void>;
  /** Forwards what was held back, and everything after it. */
  resume: () => void;
  /** Drops what was held back, and closes all connections. */
  disconnect: () => void;
};

/** Forwards everything between a worker and Postgres until the target passes. */
export async function startProxy(serverUrl: string, target: Target | null): Promise<WorkerProxy> {
  const state = new ProxyState(serverUrl, target);
  const server = createServer((worker) => state.accept(worker));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return {
    url: url.href,
    statements: state.counter.seen,
    reached: state.reached.promise,
    passTime: (ms) => state.passTime(ms),
    resume: () => state.resume(),
    disconnect: () => state.disconnect(),
    async [Symbol.asyncDispose]() {
      state.disconnect();
      server.close();
      await once(server, 'close');
    },
  };
}

class ProxyState {
  readonly counter = new StatementCounter();
  readonly reached = Promise.withResolvers<void>();
  readonly target: Target | null;
  readonly #server: URL;
  readonly #connections = new Set<Connection>();
  #frozen: readonly Direction[] = [];

  constructor(serverUrl: string, target: Target | null) {
    this.#server = new URL(serverUrl);
    this.target = target;
  }

  accept(worker: Socket): void {
    const server = connect(Number(this.#server.port || 5432), this.#server.hostname);
    const connection = new Connection(this, worker, server);
    this.#connections.add(connection);
    connection.closed.then(() => this.#connections.delete(connection));
  }

  isFrozen(direction: Direction): boolean {
    return this.#frozen.includes(direction);
  }

  freeze(): void {
    this.#frozen = this.target?.frozen ?? [];
  }

  async passTime(ms: number): Promise<void> {
    await until(() => ![...this.#connections].some(({ isBusy }) => isBusy));
    for (const connection of this.#connections) connection.passTime(ms);
  }

  resume(): void {
    this.#frozen = [];
    for (const connection of this.#connections) connection.flush();
  }

  disconnect(): void {
    this.#frozen = [];
    for (const connection of this.#connections) connection.destroy();
  }
}

class Connection {
  readonly closed: Promise<void>;
  readonly #state: ProxyState;
  readonly #worker: Socket;
  readonly #server: Socket;
  readonly #held: { to: Socket; bytes: Buffer }[] = [];
  readonly #statements = new StatementReader();
  /** Messages of a statement that is not complete. Postgres gets it as a whole: see docs/development.md. */
  readonly #parts: Buffer[] = [];
  #idleTimeoutMs = Number.POSITIVE_INFINITY;
  /** What Postgres does with the session. */
  #session: 'busy' | 'idle' | 'idle in a transaction' = 'idle';
  /** The target is being forwarded, or its answer awaited. */
  #targetIs: 'elsewhere' | 'on its way' | 'unanswered' = 'elsewhere';

  constructor(state: ProxyState, worker: Socket, server: Socket) {
    this.#state = state;
    this.#worker = worker;
    this.#server = server;
    const closed = Promise.withResolvers<void>();
    this.closed = closed.promise;
    const fromWorker = new MessageSplitter({ isClient: true });
    const fromServer = new MessageSplitter({ isClient: false });
    worker.on('data', (chunk: Buffer) => {
      for (const message of fromWorker.split(chunk)) this.#fromWorker(message);
    });
    server.on('data', (chunk: Buffer) => {
      for (const message of fromServer.split(chunk)) this.#fromServer(message);
    });
    // No-op listeners: a killed end resets the connection. `close` follows.
    worker.on('error', () => {});
    server.on('error', () => {});
    worker.on('close', () => {
      // Postgres still has to answer the target: a closed connection could end the statement first.
      if (this.#targetIs === 'elsewhere') server.destroy();
    });
    server.on('close', () => {
      this.#answered();
      // The worker does not get the end of the connection while its network is down.
      if (!state.isFrozen('to the worker')) this.destroy();
    });
    worker.on('close', () => closed.resolve());
  }

  get isBusy(): boolean {
    return this.#session === 'busy' && !this.#server.destroyed;
  }

  flush(): void {
    for (const { to, bytes } of this.#held.splice(0)) this.#write(to, bytes);
    if (this.#server.destroyed) this.#worker.destroy();
  }

  passTime(ms: number): void {
    if (this.#session === 'idle in a transaction' && this.#idleTimeoutMs < ms) this.#server.destroy();
  }

  destroy(): void {
    this.#worker.destroy();
    this.#server.destroy();
  }

  #fromWorker(message: Message): void {
    const text = this.#statements.textOf(message);
    const { target } = this.#state;
    if (text !== null) this.#idleTimeoutMs = idleTimeoutMs(text) ?? this.#idleTimeoutMs;
    if (text !== null && this.#state.counter.count(text, target)) {
      if (target?.moment === 'before') {
        this.#state.freeze();
        this.#state.reached.resolve();
      } else {
        this.#targetIs = 'on its way';
      }
    }
    this.#parts.push(message.bytes);
    if (isPart(message)) return;
    this.#send(this.#server, Buffer.concat(this.#parts.splice(0)), 'to the server');
    if (this.#targetIs !== 'on its way') return;
    this.#targetIs = 'unanswered';
    this.#state.freeze();
  }

  #fromServer(message: Message): void {
    this.#send(this.#worker, message.bytes, 'to the worker');
    if (!isReady(message)) return;
    this.#session = isIdleInTransaction(message) ? 'idle in a transaction' : 'idle';
    if (this.#targetIs === 'unanswered') this.#answered();
  }

  #send(to: Socket, bytes: Buffer, direction: Direction): void {
    if (this.#state.isFrozen(direction)) this.#held.push({ to, bytes });
    else this.#write(to, bytes);
  }

  #write(to: Socket, bytes: Buffer): void {
    if (to === this.#server) this.#session = 'busy';
    if (!to.destroyed) to.write(bytes);
  }

  #answered(): void {
    if (this.#targetIs === 'elsewhere') return;
    this.#targetIs = 'elsewhere';
    this.#state.reached.resolve();
    if (this.#worker.destroyed) this.#server.destroy();
  }
}
