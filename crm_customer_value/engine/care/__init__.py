"""Care: by which level customers are served, whose day it is, who is left out of it, and whether it helped."""
