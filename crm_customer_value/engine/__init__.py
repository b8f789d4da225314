"""Numbers and SQL of customer value.

Nothing in this package imports from ``models``: every function gets what it needs
(identifiers, dates, cut-points) as arguments and returns ``SQL`` objects or plain values.

``clv``          the models of purchases and spend; stays here, because others load it by its path
``fact``         what is known of a customer before anything is judged
``mathematics``  what ``clv`` calculates with, and when to trust it: numpy and scipy only
``outlook``      what was learned, and what it says of each customer
``lifecycle``    the rules of the stages, and who is in which
``story``        month ends, changes, dry runs
``source_file``  reading files that people bring, and finding the customers and products they name
``purchase``     what a file of purchases says
``complaint``    what complaints and suggestions say of a customer
``contact``      what contacts with customers cost, and when the last one was
``benefit``      what customers gain from us, and what that says of them
``care``         by which level customers are served, whose day it is, and whether care helped
``offer``        which products go together, and what to offer to a customer
``acquisition``  what leads may be worth, by the customers they are like
``rescue``       who may be kept or won back, and what came of it
``action``       what is worth doing with a customer, and who does it on which day
``deadline``     working time, and the clock of promises in it
``value``        scores, the value index, and the recompute; knows the rooms above, none of which knows it
"""
