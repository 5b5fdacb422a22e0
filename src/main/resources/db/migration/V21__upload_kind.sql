-- An upload brings transactions or customers.
alter table upload add kind text not null default 'transactions' check (kind in ('transactions', 'customers'));
