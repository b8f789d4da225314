"""Care: whose day it is, who is left out of it, and whether it helped."""
