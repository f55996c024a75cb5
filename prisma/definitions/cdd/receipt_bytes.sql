-- See cdd.revision_digest.
create or replace function cdd.receipt_bytes(receipt cdd.erasures)
returns bytea
language sql
stable
parallel safe
return record_send(row(
  receipt.case_id,
  receipt.erased_at,
  receipt.kind,
  receipt.reason,
  receipt.is_before_time,
  receipt.kept_until,
  sha256(jsonb_send(receipt.kinds)),
  receipt.erased_by,
  receipt.erased_role,
  receipt.digest
));

comment on function cdd.receipt_bytes is 'A row of cdd.erasures, without its account and link, as bytes for the digest chain; docs/verifying.md has the definition.';
