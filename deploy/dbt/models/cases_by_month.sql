-- The months are those of the reports without any conversion: grant-reader gave the role their time zone.
{{ config(materialized='table') }}

select
  account_id,
  date_trunc('month', opened_at)::date as month,
  count(*) as opened,
  count(first_decided_at) as decided
from {{ ref('cases') }}
where opened_at is not null
group by 1, 2
