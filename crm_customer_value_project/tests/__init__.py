from . import test_suggestion_task
