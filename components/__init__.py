"""GOV.UK form components."""
