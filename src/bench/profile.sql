-- pgbench's script for the look-up of a customer: the statement of clade.profiles.Profiles. Customers as `generate` numbers them,
-- a million of them in the dataset bench.
\set n random(1, 1000000)
\set k (:n * 48271) % 2147483647
select h.transactions, h.purchases, h.returns, h.orders, h.first_purchase_at, h.last_purchase_at,
       (h.purchased - h.returned)::float8 as monetary, d.time_zone, n.last_transaction_at, s.id as segmentation_id, s.key as segmentation, s.method, r.id as run,
       m.segment, g.name, m.since, m.previous, m.facts
from dataset d
left join customer c on c.dataset_id = d.id and c.customer_id = 'C' || lpad((:k)::text, 10, '0')
left join dataset_counters n on n.dataset_id = d.id
left join purchase_totals h on h.customer_id = c.id
left join segmentation s on s.dataset_id = d.id
left join segmentation_run r on r.segmentation_id = s.id and r.number = s.current_run
left join membership m on m.segmentation_id = s.id and m.customer_id = c.id and m.until_run is null
left join segment g on g.run_id = r.id and g.key = m.segment
where d.key = 'bench' order by s.key collate "C";
