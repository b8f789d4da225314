from . import customer_benefit_settlement
from . import customer_benefit_statement
