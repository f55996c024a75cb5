-- Cases by the time of their end: those that are due to be erased are the oldest. The statuses are those of stage declined
-- and closed; view cdd.stored_ends has the same expression.
create index cases_ended_idx on cdd.cases (
  least(
    case when status in ('ARCHIVED', 'DECLINED', 'TERMINATED') then status_since end,
    deleted_at,
    missing_since
  )
)
where erased_at is null
  and least(
    case when status in ('ARCHIVED', 'DECLINED', 'TERMINATED') then status_since end,
    deleted_at,
    missing_since
  ) is not null;
