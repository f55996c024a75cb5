create or replace function reporting.restatements(
  from_known_at timestamptz,
  to_known_at timestamptz default reporting.known_until()
)
returns table (
  month date,
  account_id text,
  figure text,
  was integer,
  "is" integer,
  difference integer,
  case_ids uuid[]
)
language sql
stable
parallel safe
begin atomic
  select compared.month, compared.account_id, compared.figure, compared.was, compared."is", compared.difference, compared.case_ids
  from reporting.flow_compared(from_known_at, to_known_at) as compared
  where compared.was <> compared."is";
end;

comment on function reporting.restatements is 'How the flow of each month (the figures of flow_daily) differs between what was known at from_known_at and at to_known_at (by default known_until(): everything that is final), in the time zone of now: month, account_id, figure (opened, decided, approved, declined, reopened, left_active), was, is, difference, case_ids (the cases that count otherwise, the first 20 by id). Figures that are equal have no row. With from_known_at after to_known_at, was is the later answer.';
