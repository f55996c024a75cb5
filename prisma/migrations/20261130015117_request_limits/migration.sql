-- A hold that was set while the clock was ahead must not last until the clock gets there: its start is in the future.
alter table cdd.api_holds add column started_at timestamptz(6) not null default now();
update cdd.api_holds set open_at = least(open_at, now() + interval '1 hour');
comment on table cdd.api_holds is 'The time until which an API host accepts no requests (Retry-After), at most an hour; all replicas wait together.';
comment on column cdd.api_holds.started_at is 'When the last Retry-After arrived. A hold that starts in the future is void: the clock was ahead.';

create table cdd.account_holds (
  account_id text not null,
  host text not null,
  started_at timestamptz(6) not null default now(),
  open_at timestamptz(6) not null,
  constraint account_holds_pkey primary key (account_id, host)
);
comment on table cdd.account_holds is 'The time until which an API host accepts no requests for one account: Retry-After of more than an hour. Also for partners.';
comment on column cdd.account_holds.host is 'Host and port of api.baseUrl.';
comment on column cdd.account_holds.started_at is 'When the last Retry-After arrived. A hold that starts in the future is void: the clock was ahead.';
comment on column cdd.account_holds.open_at is 'When requests may be sent again, by the database''s clock.';

alter table cdd.webhook_deliveries add column body_hash bytea;
create index webhook_deliveries_body_hash_idx on cdd.webhook_deliveries (account_id, body_hash);
comment on column cdd.webhook_deliveries.delivery_id is 'Value of the header event-delivery, which is not signed.';
comment on column cdd.webhook_deliveries.body_hash is 'SHA-256 of the body, which is signed; null in rows of older versions.';

alter table cdd.accounts add column refused_etag text;
comment on column cdd.accounts.refused_etag is 'The last ETag with which the API refused a request (4xx) that it answered without; it is not sent again.';
