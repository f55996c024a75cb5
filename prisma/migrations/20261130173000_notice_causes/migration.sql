alter table cdd.notice_items add column ended_at timestamptz(6);
comment on column cdd.notice_items.ended_at is 'Of over and unwatched: since when it is so, as the first judgement saw it; null = it lasts, or the item is older than this column.';

alter table cdd.notices add column causes text[];
comment on column cdd.notices.causes is 'Error codes that need another act of a person each, as far as they were told since it began; null = the row is older than this column.';
