-- By it a case is known again whose document came with its keys in another order.
alter table cdd.cases
add column content_hash bytea,
add constraint cases_content_hash_check check (octet_length(content_hash) = 16);
comment on column cdd.cases.content_hash is 'Hash of what the document says, whatever the order of its keys; 16 bytes. Null = not known, for rows of before and for documents that are too large or too odd for it.';
