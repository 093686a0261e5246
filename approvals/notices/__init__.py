"""Messages to people about what was done: written with the act, sent by a process of its own.

No message holds a title, a word of the paper, an amount, a reason or anything of Part 2: mail
passes through systems that are not ours, so it says where to look and no more.
"""
