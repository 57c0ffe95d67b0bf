-- What was paid before there were receipts is not told now.
update orders set told = array_append(told, 'receipt') where paid_at is not null;
