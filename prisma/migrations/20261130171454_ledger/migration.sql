-- The digest chain: leaves, batches, links.
create table cdd.case_digests (
  account_id text not null,
  case_id uuid not null,
  recorded_at timestamptz(6) not null,
  part text not null,
  digest bytea not null,
  rows bytea not null,
  constraint case_digests_pkey primary key (account_id, case_id, recorded_at, part),
  constraint case_digests_part_check check (part in ('document', 'presence', 'problems')),
  constraint case_digests_digest_check check (octet_length(digest) = 32)
);
comment on table cdd.case_digests is 'Leaves of the digest chain: one row per case and instant at which rows of its history were added or closed. Rows are only added, also when the case is erased. docs/verifying.md has the definition.';
comment on column cdd.case_digests.account_id is 'The account that has the case in its list.';
comment on column cdd.case_digests.case_id is 'The case''s id at Dintero.';
comment on column cdd.case_digests.recorded_at is 'recorded_at of the rows that were added, and superseded_at of those that were closed.';
comment on column cdd.case_digests.part is 'document: rows of a saved document; presence: the revision of a case that went missing or returned; problems: rows of cdd.case_problems.';
comment on column cdd.case_digests.digest is 'SHA-256 of the digests of these rows, in ascending order.';
comment on column cdd.case_digests.rows is 'The first four bytes of each of these digests, in the same order: to name the row that does not fit.';

create table cdd.batch_digests (
  account_id text not null,
  run_id uuid not null,
  recorded_at timestamptz(6) not null,
  part text not null,
  cases integer not null,
  digest bytea not null,
  constraint batch_digests_pkey primary key (account_id, run_id, recorded_at, part),
  constraint batch_digests_part_check check (part in ('document', 'presence', 'problems')),
  constraint batch_digests_cases_check check (cases > 0),
  constraint batch_digests_digest_check check (octet_length(digest) = 32)
);
comment on table cdd.batch_digests is 'A digest over the leaves of each batch, from which the run''s link is made. Rows are only added.';
comment on column cdd.batch_digests.account_id is 'Dintero''s account id (aid).';
comment on column cdd.batch_digests.run_id is 'The run; its row in cdd.sync_runs is kept for a limited time.';
comment on column cdd.batch_digests.recorded_at is 'recorded_at of the leaves.';
comment on column cdd.batch_digests.part is 'Part of the leaves.';
comment on column cdd.batch_digests.cases is 'Number of the leaves.';
comment on column cdd.batch_digests.digest is 'SHA-256 of the case ids and digests of the leaves, in the order of the ids.';

create table cdd.digest_links (
  account_id text not null,
  number integer not null,
  kind text not null,
  linked_at timestamptz(6) not null,
  run_id uuid,
  content bytea not null,
  previous bytea,
  digest bytea not null,
  constraint digest_links_pkey primary key (account_id, number),
  constraint digest_links_number_check check (number >= 1),
  constraint digest_links_kind_check check (kind in ('begin', 'run', 'receipts', 'hold')),
  constraint digest_links_run_check check ((kind = 'run') = (run_id is not null)),
  constraint digest_links_previous_check check ((number = 1) = (previous is null)),
  constraint digest_links_content_check check (octet_length(content) = 32),
  constraint digest_links_digest_check check (octet_length(digest) = 32)
);
create unique index digest_links_run_key on cdd.digest_links (account_id, run_id) where run_id is not null;
comment on table cdd.digest_links is 'The digest chain of each account: one link per run that added or closed rows, per group of receipts, and per legal hold or release. Each link contains the digest of the one before. Rows are only added, and outlive the runs.';
comment on column cdd.digest_links.account_id is 'Dintero''s account id (aid).';
comment on column cdd.digest_links.number is 'Counts from 1 per account, without gaps.';
comment on column cdd.digest_links.kind is 'begin: the rows that were there before the account had a chain; run: a run; receipts: rows of cdd.erasures; hold: a row of cdd.legal_holds that was added or closed.';
comment on column cdd.digest_links.linked_at is 'When the link was made. For begin: rows recorded up to then are older than the chain.';
comment on column cdd.digest_links.run_id is 'The run; null = the link is of another kind.';
comment on column cdd.digest_links.content is 'SHA-256 of what the link is about; docs/verifying.md has the definition.';
comment on column cdd.digest_links.previous is 'digest of the account''s link before; null = this is the first.';
comment on column cdd.digest_links.digest is 'SHA-256 of the other columns of this row. That of the newest link vouches for all rows of the account.';

-- Duty: holds, how long cases are kept, receipts.
create table cdd.legal_holds (
  account_id text not null,
  case_id uuid not null,
  held_at timestamptz(6) not null,
  reason text not null,
  held_by text,
  held_role text not null,
  released_at timestamptz(6),
  release_reason text,
  released_by text,
  released_role text,
  constraint legal_holds_pkey primary key (account_id, case_id, held_at),
  constraint legal_holds_account_id_case_id_fkey foreign key (account_id, case_id) references cdd.cases (account_id, id) on update no action on delete no action,
  constraint legal_holds_released_check check (
    (released_at is null) = (released_role is null) and (released_at is null) = (release_reason is null)
  ),
  constraint legal_holds_times_check check (released_at >= held_at)
);
create unique index legal_holds_open_key on cdd.legal_holds (account_id, case_id) where released_at is null;
comment on table cdd.legal_holds is 'When, why and by whom a case was put under legal hold and released (cdd-sync hold, cdd-sync release). While a hold is open, nothing of the case is erased. Rows are only added, or closed by released_at.';
comment on column cdd.legal_holds.account_id is 'The account that has the case in its list.';
comment on column cdd.legal_holds.case_id is 'The case''s id at Dintero.';
comment on column cdd.legal_holds.held_at is 'When the hold began.';
comment on column cdd.legal_holds.reason is 'The reason that was given.';
comment on column cdd.legal_holds.held_by is 'Login name, on the machine of the command, of the user who held it; null = the machine has no name for the user.';
comment on column cdd.legal_holds.held_role is 'The database user of the command.';
comment on column cdd.legal_holds.released_at is 'When the hold ended; null = it holds.';
comment on column cdd.legal_holds.release_reason is 'The reason that was given for the release; null = it holds.';
comment on column cdd.legal_holds.released_by is 'Login name of the user who released it; null = it holds, or the machine has no name for the user.';
comment on column cdd.legal_holds.released_role is 'The database user of that command; null = it holds.';

create table cdd.retention_rules (
  position integer not null,
  years integer,
  countries text[] not null default '{}',
  packages text[] not null default '{}',
  products text[] not null default '{}',
  facts jsonpath,
  constraint retention_rules_pkey primary key (position),
  constraint retention_rules_position_check check (position >= 0),
  constraint retention_rules_years_check check (years >= 0)
);
comment on table cdd.retention_rules is 'How long a case is kept after it ended; from retention.cases of the configuration, written when a worker starts. The first rule that matches wins.';
comment on column cdd.retention_rules.position is 'Position in the configuration, from 1; 0 = the general rule, which matches every case and comes last.';
comment on column cdd.retention_rules.years is 'Calendar years; null = for ever.';
comment on column cdd.retention_rules.countries is 'The case''s country is one of these, in capitals; empty = any.';
comment on column cdd.retention_rules.packages is 'Its package is one of these; empty = any.';
comment on column cdd.retention_rules.products is 'It has one of these products; empty = any.';
comment on column cdd.retention_rules.facts is 'A predicate on the facts of the case: each of the named facts has one of its values; null = any.';
insert into cdd.retention_rules (position, years) values (0, null);

create table cdd.erasures (
  account_id text not null,
  case_id uuid not null,
  erased_at timestamptz(6) not null,
  kind text not null,
  reason text,
  is_before_time boolean not null default false,
  kept_until timestamptz(6),
  kinds jsonb not null,
  erased_by text,
  erased_role text not null,
  digest bytea not null,
  link_number integer not null,
  constraint erasures_pkey primary key (account_id, case_id, erased_at),
  constraint erasures_account_id_case_id_fkey foreign key (account_id, case_id) references cdd.cases (account_id, id) on update no action on delete no action,
  constraint erasures_account_id_link_number_fkey foreign key (account_id, link_number) references cdd.digest_links (account_id, number) on update no action on delete no action,
  constraint erasures_kind_check check (kind in ('erased', 'reduced')),
  constraint erasures_reason_check check (not is_before_time or reason is not null),
  constraint erasures_digest_check check (octet_length(digest) = 32)
);
create index erasures_link_idx on cdd.erasures (account_id, link_number);
comment on table cdd.erasures is 'Receipts: when, why and by whom personal data of a case was removed from all tables. Rows are only added.';
comment on column cdd.erasures.account_id is 'The account that has the case in its list.';
comment on column cdd.erasures.case_id is 'The case''s id at Dintero.';
comment on column cdd.erasures.erased_at is 'When it was removed, on the axis of recorded_at: all rows recorded up to then are without it.';
comment on column cdd.erasures.kind is 'erased: everything that is a person''s; reduced: what personalData of the configuration does not keep.';
comment on column cdd.erasures.reason is 'The reason that was given; null = the time was over, or stored data was brought to today''s setting.';
comment on column cdd.erasures.is_before_time is 'Whether the case had to be kept longer, or for ever; then there is a reason.';
comment on column cdd.erasures.kept_until is 'Until when it had to be kept; null = for ever, or the receipt is of kind reduced.';
comment on column cdd.erasures.kinds is 'How many values of each kind were removed, by kind; no value itself.';
comment on column cdd.erasures.erased_by is 'Login name, on the machine of the command or worker, of its user; null = the machine has no name for the user.';
comment on column cdd.erasures.erased_role is 'The database user of the command or worker.';
comment on column cdd.erasures.digest is 'SHA-256 of all rows of the case''s history as they were at erased_at, without what was removed; docs/verifying.md has the definition.';
comment on column cdd.erasures.link_number is 'The link of the digest chain that vouches for this receipt.';

alter table cdd.cases add column erased_at timestamptz(6);
comment on column cdd.cases.erased_at is 'When the case was erased (its receipt is in cdd.erasures): later documents are stored without what is a person''s. Null = it was not.';
create index cases_erased_idx on cdd.cases (account_id, id) where erased_at is not null;
