create table cdd.notice_deferrals (
  channel text not null,
  message_id uuid not null,
  recipients text[] not null,
  tries smallint not null default 0,
  next_try_at timestamptz(6) not null,
  primary key (channel, message_id)
);
comment on table cdd.notice_deferrals is 'E-mails that some of their recipients do not have yet: the mail server refused these for now.';
comment on column cdd.notice_deferrals.channel is 'Id of the channel in the configuration.';
comment on column cdd.notice_deferrals.message_id is 'Id of the message; its content stands in cdd.notice_items.';
comment on column cdd.notice_deferrals.recipients is 'Addresses of the recipients that do not have it.';
comment on column cdd.notice_deferrals.tries is 'How often it was sent to them again.';
comment on column cdd.notice_deferrals.next_try_at is 'When it is sent to them again.';
