"""Write whose documents the amounts of each customer are made of, as the next recompute would."""


def migrate(cr, version):
    """Fill the new columns, and have interrupted recomputes begin anew."""
    if not version:
        return
    cr.execute(
        """UPDATE customer_value v
              SET document_owner = CASE WHEN found.lowest IS NULL THEN 'nobody'
                                        WHEN found.lowest = found.highest THEN 'one' ELSE 'several' END,
                  document_user_id = CASE WHEN found.lowest = found.highest THEN found.lowest END,
                  has_imported_purchases = COALESCE(found.imported, FALSE)
             FROM (SELECT known.id, MIN(d.user_id) AS lowest, MAX(d.user_id) AS highest,
                          BOOL_OR(d.imported) AS imported
                     FROM customer_value known
                     LEFT JOIN (
                        SELECT contact.commercial_partner_id, owned.*
                          FROM (SELECT company_id, partner_id, user_id, FALSE AS imported
                                  FROM sale_order WHERE state = 'sale'
                                 UNION ALL
                                SELECT company_id, partner_id, invoice_user_id, FALSE
                                  FROM account_move
                                 WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                                 UNION ALL
                                SELECT company_id, partner_id, NULL, TRUE FROM customer_purchase_history) owned
                          JOIN res_partner contact ON contact.id = owned.partner_id) d
                       ON d.commercial_partner_id = known.partner_id AND d.company_id = known.company_id
                    GROUP BY known.id) found
            WHERE found.id = v.id"""
    )
    # What an interrupted run gathered lacks these columns.
    cr.execute("UPDATE customer_value_run SET state = 'queued', progress = 0 WHERE state = 'running'")
