-- What replicas must know of each other beside their runs.

create table cdd.webhook_deliveries (
  account_id text not null,
  delivery_id text not null,
  received_at timestamptz(6) not null default now(),
  constraint webhook_deliveries_pkey primary key (account_id, delivery_id)
);
create index webhook_deliveries_received_at_idx on cdd.webhook_deliveries (received_at);
comment on table cdd.webhook_deliveries is 'Webhook deliveries of the last days, so that one that comes again asks for nothing. Holds nothing of their content.';
comment on column cdd.webhook_deliveries.delivery_id is 'What the header event-delivery said.';

create table cdd.api_holds (
  host text not null,
  open_at timestamptz(6) not null,
  constraint api_holds_pkey primary key (host)
);
comment on table cdd.api_holds is 'Until when an API host asked not to be asked (Retry-After): all replicas wait together.';
comment on column cdd.api_holds.host is 'Host and port of api.baseUrl.';
comment on column cdd.api_holds.open_at is 'When requests may be sent again, by the database''s clock.';
