/**
 * The documented statuses of cases that are not open: their stage is approved, declined or closed. A condition that names
 * them in this order can use the index cases_open_status_idx.
 */
export const CLOSED_STATUSES = ['ACTIVE', 'ARCHIVED', 'DECLINED', 'TERMINATED'];
