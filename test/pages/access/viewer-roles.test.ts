import { describe, expect, it } from 'vitest';
import { roleProblem } from '../../../src/pages/access/viewer-roles.ts';

describe("the problem of a viewer's role", () => {
  const fine = { role: 'bi', exists: true, may_set: true, may_read: true, worker: 'cdd' };

  it('is none if the worker may act as it and it may read', () => {
    expect(roleProblem(fine)).toBeNull();
  });

  it('names the statement that ends it', () => {
    expect(roleProblem({ ...fine, exists: false })).toContain('create role "bi";');
    expect(roleProblem({ ...fine, may_set: false })).toContain('grant "bi" to "cdd";');
    expect(roleProblem({ ...fine, may_read: false })).toContain('grant-reader');
  });
});
