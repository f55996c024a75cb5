create table cdd.notices (
  channel text not null,
  kind text not null,
  account_id text not null references cdd.accounts (id),
  began_at timestamptz(6) not null,
  told_at timestamptz(6) not null,
  reminders smallint not null default 0,
  times smallint not null default 1,
  ending_since timestamptz(6),
  ended_at timestamptz(6),
  unjudged_since timestamptz(6),
  primary key (channel, kind, account_id)
);
comment on table cdd.notices is 'One row per state that a channel was told of, until a day after its end: so that it is told once.';
comment on column cdd.notices.channel is 'Id of the channel in the configuration.';
comment on column cdd.notices.kind is 'What is so: account_stale, run_failing and so on.';
comment on column cdd.notices.account_id is 'Dintero''s account id (aid).';
comment on column cdd.notices.began_at is 'Since when it is so.';
comment on column cdd.notices.told_at is 'When the last message about it was decided on; of approval_lost also: when the rule was first seen.';
comment on column cdd.notices.reminders is 'Messages that it is still so.';
comment on column cdd.notices.times is 'How often it began again within a day of its end: the more often, the longer its end must last to be told.';
comment on column cdd.notices.ending_since is 'Since when it is not so, while that is too short to be told; null = it is so, or its end was told.';
comment on column cdd.notices.ended_at is 'When its end was told; null = it was not.';
comment on column cdd.notices.unjudged_since is 'Since when no rule asks for it; null = one does.';

create table cdd.notice_cases (
  kind text not null,
  account_id text not null,
  case_id uuid not null,
  stage text not null,
  since_at timestamptz(6) not null,
  noticed_at timestamptz(6) not null,
  primary key (kind, account_id, case_id, stage)
);
comment on table cdd.notice_cases is 'Cases that are told now, and approvals lost in the last days: so that the next message has what is new.';
comment on column cdd.notice_cases.kind is 'target_breached, review_due or approval_lost.';
comment on column cdd.notice_cases.account_id is 'Dintero''s account id (aid).';
comment on column cdd.notice_cases.case_id is 'The case''s id at Dintero (uuid).';
comment on column cdd.notice_cases.stage is 'The status that is past its target; overdue or due_soon; the event of a lost approval.';
comment on column cdd.notice_cases.since_at is 'When the case entered the status, when its review is due, when its approval was lost.';
comment on column cdd.notice_cases.noticed_at is 'When it was noticed. A channel is told of those after its last message.';

create table cdd.notice_items (
  id uuid not null default gen_random_uuid() primary key,
  channel text not null,
  kind text not null,
  account_id text not null references cdd.accounts (id),
  phase text not null,
  began_at timestamptz(6) not null,
  items integer not null,
  new_items integer not null,
  code text,
  case_ids uuid[] not null default '{}',
  judged_at timestamptz(6) not null,
  sent_at timestamptz(6),
  message_id uuid
);
create index notice_items_unsent_idx on cdd.notice_items (channel) where sent_at is null;
create index notice_items_account_idx on cdd.notice_items (account_id, judged_at);
comment on table cdd.notice_items is 'What channels are told: an outbox, and afterwards a record of it. Items that wait are merged into one message.';
comment on column cdd.notice_items.id is 'Id of the item.';
comment on column cdd.notice_items.channel is 'Id of the channel in the configuration.';
comment on column cdd.notice_items.kind is 'What is so, as in cdd.notices.';
comment on column cdd.notice_items.account_id is 'Dintero''s account id (aid).';
comment on column cdd.notice_items.phase is 'began, still (a day or weeks later), more (further cases), over, or unwatched (the account is not read).';
comment on column cdd.notice_items.began_at is 'Since when it is so, or was.';
comment on column cdd.notice_items.items is 'Cases or list items, at the time of the judgement; 0 where nothing is counted.';
comment on column cdd.notice_items.new_items is 'Of these, the ones since the last message.';
comment on column cdd.notice_items.code is 'Error code of the account''s last run, an unknown status, or why the account is not read; null = none.';
comment on column cdd.notice_items.case_ids is 'Some of the cases, for links.';
comment on column cdd.notice_items.judged_at is 'When it was decided to tell it.';
comment on column cdd.notice_items.sent_at is 'When the channel took the message; null = it waits.';
comment on column cdd.notice_items.message_id is 'Id of that message, which is also in the message itself.';

create table cdd.notice_channels (
  channel text not null primary key,
  last_sent_at timestamptz(6),
  next_try_at timestamptz(6),
  down_since timestamptz(6),
  failures integer not null default 0,
  last_error text
);
comment on table cdd.notice_channels is 'Whether each channel takes messages.';
comment on column cdd.notice_channels.channel is 'Id of the channel in the configuration.';
comment on column cdd.notice_channels.last_sent_at is 'When it last took a message; null = never.';
comment on column cdd.notice_channels.next_try_at is 'No message before this; null = at any time.';
comment on column cdd.notice_channels.down_since is 'Since when messages fail; null = they do not.';
comment on column cdd.notice_channels.failures is 'Failures in a row.';
comment on column cdd.notice_channels.last_error is 'The last failure, without secrets; null = none since the last success.';

create table cdd.notice_state (
  is_only_row boolean not null default true primary key check (is_only_row),
  cases_judged_at timestamptz(6),
  cases_judged_ms integer not null default 0,
  approvals_until timestamptz(6)
);
comment on table cdd.notice_state is 'One row. Its lock makes one replica judge at a time.';
comment on column cdd.notice_state.is_only_row is 'Always true.';
comment on column cdd.notice_state.cases_judged_at is 'When the kinds that count cases were last judged.';
comment on column cdd.notice_state.cases_judged_ms is 'How long that took, in milliseconds: the longer, the less often it is done.';
comment on column cdd.notice_state.approvals_until is 'Transitions recorded up to here were searched for lost approvals; null = no rule has asked for them.';
insert into cdd.notice_state default values;
