import { describe, expect, it } from 'vitest';
import { reviewReason, targetText } from '../../../src/pages/cases/columns.ts';

const NONE = { target_hours: null, target_business_hours: null, stay_hours: null, stay_business_hours: null };

describe('the target of a case in words', () => {
  it('is how long until it, or since it', () => {
    const hours = { ...NONE, target_hours: 48, target_state: 'running' };
    expect(targetText({ ...hours, stay_hours: 43 })).toBe('due in 5.0 h');
    expect(targetText({ ...hours, target_state: 'breached', stay_hours: 264 })).toBe('late by 9.0 d');
  });

  it('names business hours, which are no hours of the clock', () => {
    const target = { ...NONE, target_business_hours: 40, stay_hours: 400, target_state: 'breached' };
    expect(targetText({ ...target, stay_business_hours: 52.5 })).toBe('late by 12.5 business hours');
  });

  it('is missing if the status has no target, or the stay began before 2000', () => {
    expect(targetText({ ...NONE, target_state: null })).toBeNull();
    expect(targetText({ ...NONE, target_business_hours: 40, target_state: null })).toBeNull();
  });
});

describe('the reason of a review', () => {
  it('is its interval, and the rule that chose it', () => {
    expect(reviewReason({ review_every_months: 60, review_rule: 0 })).toBe('every 60 months');
    expect(reviewReason({ review_every_months: 5, review_rule: 1 })).toBe('every 5 months, rule 1');
    expect(reviewReason({ review_every_months: 1, review_rule: 2 })).toBe('every month, rule 2');
  });
});
