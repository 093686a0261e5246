"""Sample data: a cast, one paper in every state, and two decisions after real ones.

Everything here goes through the same acts as a real paper. It is refused outside a sample system.
"""
