from . import test_doors
