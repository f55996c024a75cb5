-- Copies only the cases that changed. The cursor is changed_at: Dintero's updated_at stays when a case goes missing, comes
-- back or gets an event late. Changes become visible after their changed_at, when the run's batch is saved, so each build
-- reads one hour (`lookback`) again. Columns of hours are left out: they grow without a change. After a grant of another
-- account, build once with --full-refresh: is_primary changes then, and changed_at does not.
{{ config(materialized='incremental', unique_key='case_key', on_schema_change='append_new_columns') }}

select
  case_key,
  account_id,
  case_id,
  payout_destination_name,
  country_code,
  products_text,
  status,
  stage,
  status_since,
  opened_at,
  first_decided_at,
  first_decision,
  gone_at,
  is_primary,
  changed_at
from {{ source('reporting', 'cases') }}
{% if is_incremental() %}
where changed_at >= (select max(changed_at) - interval '{{ var('lookback') }}' from {{ this }})
{% endif %}
