-- name: FindAuthor :one
SELECT * FROM authors WHERE id = $1 AND born IS DISTINCT FROM DATE '1900-01-01';
