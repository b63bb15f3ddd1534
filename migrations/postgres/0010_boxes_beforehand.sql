-- Nothing: indexes of boxes are PostgreSQL's own here. In SQLite the triggers that keep them change.
select 1;
