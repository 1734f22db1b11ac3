-- Who put a window there: attendance replaces only what it rostered itself.
alter table duty_windows add column source text not null default '';
