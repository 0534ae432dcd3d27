/** VitePress's own theme, with what makes it readable for everybody. */
import DefaultTheme from 'vitepress/theme';
import './style.css';

export default DefaultTheme;
