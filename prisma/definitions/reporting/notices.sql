create or replace view reporting.notices with (security_barrier) as
select
  item.account_id,
  item.kind,
  item.phase,
  item.began_at,
  item.items,
  item.new_items,
  item.judged_at,
  item.channel,
  item.sent_at,
  item.message_id,
  item.ended_at
from cdd.notice_items as item
where (select sees_all from cdd.current_reader)
  or item.account_id in (select account_id from cdd.granted_accounts);

comment on view reporting.notices is 'One row per thing that was told, account and channel (notify in the configuration): who was told of what, and when. Fresh: at once.';
comment on column reporting.notices.account_id is 'Dintero''s account id (aid).';
comment on column reporting.notices.kind is 'account_stale, run_failing, mass_disappearance, rejected_items, unknown_status, target_breached, review_due, approval_lost, erasure_due or digest.';
comment on column reporting.notices.phase is 'began; still: a day later, then every week; more: further cases; over: it is no longer so; unwatched: nobody knows, because the account is paused or no longer read.';
comment on column reporting.notices.began_at is 'Since when it is so, or was.';
comment on column reporting.notices.items is 'Cases, or items of the list, when it was judged; 0 = nothing is counted.';
comment on column reporting.notices.new_items is 'Of these, the ones since the last message to the channel.';
comment on column reporting.notices.judged_at is 'When it was decided to tell it.';
comment on column reporting.notices.channel is 'Id of the channel in the configuration.';
comment on column reporting.notices.sent_at is 'When the channel took the message; null = it has not yet. What waits is merged into one message, so several rows can have one message.';
comment on column reporting.notices.message_id is 'Id of the message, which the message has too.';
comment on column reporting.notices.ended_at is 'Of over and unwatched: since when it is so, to about a minute; null = it lasts, or it was told by a version that did not store it.';
