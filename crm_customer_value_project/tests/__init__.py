from . import test_need_task, test_suggestion_task
