-- A product without a cover has one drawn picture, whoever notices first.
create unique index images_one_drawn on images (product_id) where source = 'drawn';
