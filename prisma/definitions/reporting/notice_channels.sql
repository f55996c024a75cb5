create or replace view reporting.notice_channels with (security_barrier) as
select
  coalesce(stored_channel.channel, waiting.channel) as channel,
  stored_channel.last_sent_at,
  stored_channel.down_since,
  coalesce(stored_channel.failures, 0) as failures,
  stored_channel.last_error,
  coalesce(waiting.items, 0) as waiting,
  waiting.since as waiting_since,
  (
    select coalesce(sum(cardinality(deferral.recipients)), 0)::integer
    from cdd.notice_deferrals as deferral
    where deferral.channel = stored_channel.channel
  ) as deferred
from cdd.notice_channels as stored_channel
full join (
  select channel, count(*)::integer as items, min(judged_at) as since
  from cdd.notice_items
  where sent_at is null
  group by channel
) as waiting on waiting.channel = stored_channel.channel
where (select sees_all from cdd.current_reader);

comment on view reporting.notice_channels is 'One row per channel of notify that was sent something, or that something waits for: whether it takes messages. Only readers of all accounts see it. Fresh: at once.';
comment on column reporting.notice_channels.channel is 'Id of the channel in the configuration.';
comment on column reporting.notice_channels.last_sent_at is 'When it last took a message; null = never.';
comment on column reporting.notice_channels.down_since is 'Since when messages fail; null = they do not.';
comment on column reporting.notice_channels.failures is 'Failures in a row.';
comment on column reporting.notice_channels.last_error is 'The last failure and what to do, without secrets; null = none since the last success.';
comment on column reporting.notice_channels.waiting is 'Things that wait to be told through it.';
comment on column reporting.notice_channels.waiting_since is 'Since when the oldest of them waits; null = nothing waits.';
comment on column reporting.notice_channels.deferred is 'E-mails that a recipient does not have yet, counted for each recipient: the mail server refused it for now. They are sent to it again for about 21 hours.';
