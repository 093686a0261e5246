"""Who people are: users, their duties, the offices they hold and when."""
