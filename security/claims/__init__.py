"""What a third party said when somebody signed in there, and whether it proves MFA (V4, V7, V8, V9).

Pure: texts and rows in, values out. No request, no database, no network; signatures are nobody's business here.
"""
