"""What is known of a customer before anything is judged.

``facts``      the scope of a query, and the purchases of all sources
``documents``  orders, invoices and credit notes of Odoo, as sources of purchases
``payments``   what fell due, and how much of it came in time
``measures``   the working table: purchases and measures, one row a customer
``lateness``   how late customers are by their own rhythm
``evidence``   how much stands behind a part of the value index
"""
